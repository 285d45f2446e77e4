"""The live rooms of bid evaluation."""

from evaluation.live.evaluation import EvaluationRoom
from evaluation.live.supervision import SupervisionRoom

NAMESPACES = (EvaluationRoom(), SupervisionRoom())
