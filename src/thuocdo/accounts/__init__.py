"""Who may: people, the roles they hold at a body for a time, keys of source systems.

Written by administrators; asked by every door before anything is shown or done. Serves R05, R09, R31.
"""
