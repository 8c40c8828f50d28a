"""Work that waits in the database: taking it, repeating what failed, taking over from the dead.

`django_tasks` enqueues it in the transaction of the change it belongs to. Every job may run more
than once and changes nothing the second time.
"""
