"""The design: marks, rulers, tables, blocks and frames that every page is made of.

`docs/design.md` shows each component; `/thiet-ke/` shows them living. Small things are functions that
return HTML (a table may hold a thousand of them), larger ones are templates in this folder.
"""
