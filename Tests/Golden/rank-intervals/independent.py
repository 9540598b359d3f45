"""Rank intervals of RankIntervalTests.swift, computed independently: python3 independent.py

Prints the bounds and, for each step-down case, how near the nearest |t| came to a critical value.
"""
import numpy as np
from scipy import stats

theta = np.array([5.10, 4.90, 6.20, 3.00, 4.00, 5.05, 7.40, 3.90])
sd = np.array([0.20, 0.35, 0.30, 0.25, 0.15, 0.40, 0.30, 0.22])
degrees = np.array([3.0, 9, 5, 12, 4, 20, 6, 8])
p = len(theta)
corr = np.eye(p)
corr[0, 1] = corr[1, 0] = 0.6
corr[2, 6] = corr[6, 2] = -0.4
corr[3, 7] = corr[7, 3] = 0.3
V = corr * np.outer(sd, sd)
D = theta[:, None] - theta[None, :]
S = np.sqrt(np.maximum(np.diag(V)[:, None] + np.diag(V)[None, :] - 2 * V, 0)) + np.eye(p)
T = D / S
rng = np.random.default_rng(20240717)
R = 400_000
Z = rng.multivariate_normal(np.zeros(p), V, size=R)


def studentized(kind):
    if kind == "known":
        return (Z[:, :, None] - Z[:, None, :]) / S
    if kind == "together":
        chi = np.sqrt(rng.chisquare(6, size=R) / 6)
        return (Z[:, :, None] - Z[:, None, :]) / S / chi[:, None, None]
    c = np.sqrt(rng.chisquare(degrees, size=(R, p)) / degrees)
    v = np.diag(V)
    denominator = (v * c**2)[:, :, None] + (v * c**2)[:, None, :] - 2 * V * c[:, :, None] * c[:, None, :]
    denominator += np.eye(p)
    return (Z[:, :, None] - Z[:, None, :]) / np.sqrt(denominator)


def step_down(draws, pairs):
    """The rejected hypotheses "j is not above k", and the least distance of a t to a critical value."""
    left, rejected, near = list(pairs), set(), np.inf
    while left:
        j, k = zip(*left)
        c = np.quantile(draws[:, j, k].max(axis=1), 0.95, method="inverted_cdf")
        near = min(near, min(abs(T[a] / c - 1) for a in pairs))
        out = [a for a in left if T[a] > c]
        if not out:
            break
        rejected |= set(out)
        left = [a for a in left if a not in rejected]
    return rejected, near


def bounds(rejected):
    low = [1 + sum((k, j) in rejected for k in range(p)) for j in range(p)]
    high = [p - sum((j, k) in rejected for k in range(p)) for j in range(p)]
    return " ".join("%d-%d" % (a, b) for a, b in zip(low, high))


for kind in ["known", "together", "separately"]:
    draws = studentized(kind)
    text, near = [], []
    for j in range(p):
        others = [k for k in range(p) if k != j]
        r, n = step_down(draws, [(j, k) for k in others] + [(k, j) for k in others])
        text.append(bounds(r).split()[j])
        near.append(n)
    print("mogstad", kind, "marginal", " ".join(text), "nearest %.3f" % min(near))
    r, n = step_down(draws, [(j, k) for j in range(p) for k in range(p) if j != k])
    print("mogstad", kind, "simultaneous", bounds(r), "nearest %.3f" % n)
    single = np.quantile(np.abs(draws[:, *np.tril_indices(p, -1)]).max(axis=1), 0.95)
    print("   single-step critical value %.4f" % single)

v = np.diag(V)
welch = (v[:, None] + v[None, :]) ** 2 / ((v**2 / degrees)[:, None] + (v**2 / degrees)[None, :])
for kind, df in [("known", np.inf), ("together", 6.0), ("separately", welch)]:
    P = 2 * stats.t.sf(np.abs(T), df)
    for name, m in [("marginal", p - 1), ("simultaneous", p * (p - 1) // 2)]:
        level = 0.05 / m
        rejected = {(j, k) for j in range(p) for k in range(p) if j != k and P[j, k] < level and D[j, k] > 0}
        near = min(abs(np.log(P[j, k] / level)) for j in range(p) for k in range(j))
        print("bonferroni", kind, name, bounds(rejected), "nearest log p %.2f" % near)
