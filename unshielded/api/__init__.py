"""What `unshielded` offers in Python, and what the command is a thin layer over.

Configs become experiments (`experiments`), experiments become results (`runs`, `sweeps`, `trials`,
`tms`), and results that are there are opened (`opening`).
"""
