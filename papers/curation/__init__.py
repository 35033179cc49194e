"""Every change a curator can make: each is logged with its reason and can be undone.

`papers`, `tweets`, `tags`, `runs`, `reports` and `editing` hold what can be done; `log` keeps the
rows and undoes; `derived` makes anew what follows from them.
"""
