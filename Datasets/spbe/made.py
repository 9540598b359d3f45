"""Makes levels.csv: 40 agencies that do not exist, with a national mean near the published 2.79 of 2023.

Run with Python 3.11 or later in this folder: python3 made.py
"""
import csv, random

draw = random.Random(2023)
weights = [float(row["weight"]) for row in csv.DictReader(open("structure.csv")) if row["level"] == "indicator"]
assert len(weights) == 47 and abs(sum(weights) - 100) < 1e-9


def index(levels):
    return sum(w * x for w, x in zip(weights, levels)) / 100


# Agency 1 is at level 5 throughout, agency 2 at level 1, agency 3 has exactly 2.79.
agencies = [[5] * 47, [1] * 47]
exact = [3] * 47
while abs(index(exact) - 2.79) > 1e-9:
    exact = [3] * 47
    for position in draw.sample(range(47), 9):
        exact[position] -= 1
agencies.append(exact)
while len(agencies) < 40:
    ability = draw.gauss(2.75, 0.6)
    agencies.append([min(5, max(1, round(draw.gauss(ability, 0.8)))) for _ in range(47)])
# Single levels move until the mean of agencies rounds to 2.79.
while abs(sum(map(index, agencies)) / 40 - 2.79) > 0.002:
    change = 1 if sum(map(index, agencies)) / 40 < 2.79 else -1
    agency, position = draw.randrange(3, 40), draw.randrange(47)
    agencies[agency][position] = min(5, max(1, agencies[agency][position] + change))
with open("levels.csv", "w") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["agency"] + [f"i{k}" for k in range(1, 48)])
    for number, levels in enumerate(agencies, 1):
        out.writerow([f"Made agency {number:02d}"] + levels)
