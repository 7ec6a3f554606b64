"""Module 1, vesicles: how large they are, what they can hold, what they may be called.

Nothing is imported here, so that ``exocourse.vesicles`` costs nothing until one of its parts
is used:

- ``exocourse.vesicles.geometry``: diameter and membrane thickness to surface, lumen, capacity;
- ``exocourse.vesicles.classes``: the classes of extracellular vesicle and their overlapping sizes;
- ``exocourse.vesicles.nomenclature``: what a preparation may be called on the evidence given.
"""
