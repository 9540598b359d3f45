"""The EGDI of twelve made states, in numpy 2.4.6 on Python 3.11: python3 independent.py

Writes input/raw.csv (made figures, seed 193) and expected/independent.csv.
"""
import csv, os
import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))
draw = np.random.default_rng(193)
names = ["services", "participation", "framework", "content", "technology", "mobile", "internet", "broadband", "wireless",
         "literacy", "enrolment", "expected_years", "schooling_years"]
level = draw.uniform(0.1, 0.95, 12)
raw = {n: np.round(level * draw.uniform(0.5, 1.2, 12), 4) for n in names[:5]}
for n, top in [("mobile", 150), ("internet", 110), ("broadband", 45), ("wireless", 115), ("literacy", 99), ("enrolment", 105)]:
    raw[n] = np.round(top * (0.3 + 0.7 * level) * draw.uniform(0.8, 1.1, 12), 2)
raw["internet"][4] = 131.5
raw["expected_years"] = np.round(6 + 14 * level + draw.normal(0, 1, 12), 2)
raw["schooling_years"] = np.round(2 + 11 * level + draw.normal(0, 1, 12), 2)
states = [f"State {chr(65 + k)}" for k in range(12)]
with open("input/raw.csv", "w") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["state"] + names)
    for k, s in enumerate(states):
        out.writerow([s] + [raw[n][k] for n in names])
z = lambda x: (x - x.mean()) / x.std()
unit = lambda x: (x - x.min()) / (x.max() - x.min())
nodes = {n: z(np.minimum(raw[n], 120) if n in ("mobile", "internet", "broadband", "wireless") else raw[n]) for n in names}
nodes["expected"], nodes["schooling"] = nodes.pop("expected_years"), nodes.pop("schooling_years")
nodes["OSI"] = unit(sum(w * nodes[n] for w, n in zip([45, 35, 10, 5, 5], names[:5])) / 100)
nodes["TII"] = unit(sum(nodes[n] for n in ["mobile", "internet", "broadband", "wireless"]) / 4)
nodes["HCI"] = unit(sum(nodes[n] for n in ["literacy", "enrolment", "expected", "schooling"]) / 4)
nodes["EGDI"] = (nodes["OSI"] + nodes["TII"] + nodes["HCI"]) / 3
print({n: int((raw[n] > 120).sum()) for n in ("mobile", "internet", "broadband", "wireless")})
with open("expected/independent.csv", "w") as file:
    print("unit,node,score", file=file)
    for n, values in nodes.items():
        for s, v in zip(states, values):
            print(f"{s},{n},{float(v)!r}", file=file)
