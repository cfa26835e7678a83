"""Posters to print: an action's own words, set in four designs, three languages and two sizes of paper."""
