"""Exchanged: what other systems call our tasks, how their columns map onto ours, lists on their way in and out.

Written by whoever imports, exports or keeps identifiers, and by the machine that counts what reporting costs.
Serves R18 and the complaints that the same thing is typed into several systems: nobody types twice.
"""
