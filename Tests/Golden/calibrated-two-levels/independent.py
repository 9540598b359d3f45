#!/usr/bin/env python3
"""The golden case computed another way: row by row with numpy and dense least squares.

usage: python3 independent.py > expected/independent.csv      (numpy 2.4.6, Python 3.11.7, 2026-11-23)
Rakes each province to sex and band, takes the residual of every linearized value on the six indicator
columns with the weights that enter raking, and sums over villages. Writes unit, domain, node, value, se, df.
"""
import csv
import numpy as np

rows = list(csv.DictReader(open("input/answers.csv", encoding="utf-8"), delimiter=";"))
n = len(rows)
prov = np.array([r["province"] for r in rows])
stratum = np.array([r["province"] + "/" + r["stratum"] for r in rows])
psu = np.array([r["province"] + "/" + r["stratum"] + "/" + r["village"] for r in rows])
sex = np.array([r["sex"] for r in rows])
band = np.where(np.array([int(r["age"]) for r in rows]) < 45, "18-44", "45+")
resp = np.array([r["responded"] == "1" for r in rows])
number = lambda name: np.array([float(r[name]) if r[name] else np.nan for r in rows])
q1, q2, q3, visits, hours = map(number, ("q1", "q2", "q3", "visits", "hours"))
w = number("basew")
for cell in np.unique(stratum):
    c = stratum == cell
    w[c] *= np.where(resp[c], w[c].sum() / w[c & resp].sum(), 0)
entry = w.copy()
target = {}
for r in csv.DictReader(open("input/margins.csv", encoding="utf-8"), delimiter=";"):
    target[r["province"], r["variable"], r["level"]] = float(r["people"])
for sweep in range(2000):
    for (p, variable, level), total in target.items():
        c = (prov == p) & ((sex if variable == "sex" else band) == level)
        w[c] *= total / w[c].sum()

share = np.where(q1 == 88, 0.0, np.where(np.isnan(q1), np.nan, (q1 == 1) * 1.0))
s1, s3 = 1 + 9 * share, 1 + 9 * (q3 - 1) / 3
both = np.vstack([s1, s3])
answered = (~np.isnan(both)).sum(0)
access = np.where(answered > 0, np.nansum(both, 0) / np.maximum(answered, 1), np.nan)
X = np.column_stack([sex == "F", sex == "M", band == "18-44", band == "45+"]).astype(float)


def ratio(y, x, domain):
    """Value, calibrated linearized value of each row, and the rows that count."""
    use = domain & ~np.isnan(y) & ~np.isnan(x) & (w > 0)
    y, x = np.where(use, y, 0), np.where(use, x, 0)
    value = (w * y).sum() / (w * x).sum()
    z = (y - value * x) * use / (w * x).sum()
    e = z.copy()
    for p in np.unique(prov):
        c = prov == p
        root = np.sqrt(entry[c])
        b = np.linalg.lstsq(X[c] * root[:, None], z[c] * root, rcond=None)[0]
        e[c] = z[c] - X[c] @ b
    return value, e, use


def error(e):
    total = 0.0
    for h in np.unique(stratum):
        u = np.array([(w * e)[psu == a].sum() for a in np.unique(psu[stratum == h])])
        total += len(u) / (len(u) - 1) * ((u - u.mean()) ** 2).sum()
    return np.sqrt(total)


def degrees(use):
    return len(np.unique(psu[use])) - len(np.unique(stratum[use]))


print("unit,domain,node,value,se,df")
domains = [(u, d) for u in ["*"] + sorted(np.unique(prov)) for d in ("", "F", "M")]
for unit, label in domains:
    domain = np.ones(n, bool) if unit == "*" else prov == unit
    if label:
        domain &= sex == label
    one = np.ones(n)
    leaf = {
        "q1": ratio(s1, one, domain), "q3": ratio(s3, one, domain),
        "q2": ratio(1 + 9 * (q2 - 1) / 4, one, domain), "access": ratio(access, one, domain),
    }
    value, e, use = ratio(hours, visits, domain)
    leaf["wait"] = 10 - 3 * value, -3 * e, use
    combine = lambda a, b, k: (
        k * leaf[a][0] + (1 - k) * leaf[b][0], k * leaf[a][1] + (1 - k) * leaf[b][1],
        leaf[a][2] | leaf[b][2])
    leaf["speed"] = combine("q2", "wait", 0.5)
    leaf["index"] = combine("access", "speed", 2 / 3)
    for node in ("index", "access", "speed", "q1", "q3", "q2", "wait"):
        value, e, use = leaf[node]
        print(unit, f"sex={label}" if label else "", node, repr(float(value)), repr(float(error(e))),
              degrees(use), sep=",")
