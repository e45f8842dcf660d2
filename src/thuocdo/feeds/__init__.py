"""Streamed: raw events of source systems, landed as partitioned files, and the measurements made from them.

Written by source systems and the machine; read by the metrics. Serves R04, R15, R19.
"""
