"""The kernel: values, rules, transactions, evidence and signatures, without a word of HTTP."""
