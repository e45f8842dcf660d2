"""Checked: findings where reports and reality differ, each with an owner, an answer and a judgement; samples to verify.

The machine opens findings from measurements and tasks; bodies answer, verifiers outside them judge. Serves R19, R20.
"""
