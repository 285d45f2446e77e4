"""The arithmetic of every evaluation method: a scoring case in, a result with its worked calculation out; pure and exact."""

from evaluation.domain.methods.case import Method, ScoringCase
from evaluation.domain.methods.evaluation import Evaluation, Row, evaluate
from evaluation.domain.methods.faults import CaseFault
from evaluation.domain.methods.output import to_json
from evaluation.domain.methods.reading import parse_case, parse_method
from evaluation.domain.methods.screening import Code, Rejection, Review, review

__all__ = [
    "CaseFault",
    "Code",
    "Evaluation",
    "Method",
    "Rejection",
    "Review",
    "Row",
    "ScoringCase",
    "evaluate",
    "parse_case",
    "parse_method",
    "review",
    "to_json",
]
