"""What is said about areas, measures, goals and initiatives, as blocks: the same in reports and in the public edition.

Each function takes statements and gives blocks (`omradesbild.publish.document`); a `pen.Pen` tells language and paper.
"""
