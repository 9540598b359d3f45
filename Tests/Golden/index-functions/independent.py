"""Known answers for every function of the index engine on a small made table.

Written for numpy 2.4.6 and scipy 1.17.1, Python 3.11; run: python3 independent.py > expected.csv
The table has a gap, ties, an outlier and values of both signs, so that no two rules agree by accident.
"""
import csv, math, os
import numpy as np
from scipy import stats

here = os.path.dirname(os.path.abspath(__file__))
rows = list(csv.DictReader(open(os.path.join(here, "input.csv"))))
units = [r["unit"] for r in rows]
names = ["a", "b", "c", "d"]
X = {v: np.array([np.nan if r[v] == "" else float(r[v]) for r in rows]) for v in names}
group = [r["group"] for r in rows]
last = np.array([np.nan if r["last_b"] == "" else float(r["last_b"]) for r in rows])
out = []


def add(call, keys, values):
    for k, v in zip(keys, np.atleast_1d(values)):
        out.append((call, k, "" if math.isnan(v) else repr(float(v))))


def place(x):  # how many are worse
    return np.array([np.nan if np.isnan(v) else np.nansum(x < v) for v in x])


def winsor(x):
    y, k = x.copy(), 0
    present = x[~np.isnan(x)]
    order = np.sort(present)
    while abs(stats.skew(y[~np.isnan(y)], bias=False)) > 2 and stats.kurtosis(y[~np.isnan(y)], bias=False) > 3.5 and k < 5:
        top = stats.skew(y[~np.isnan(y)], bias=False) > 0
        k += 1
        y = np.minimum(x, order[-1 - k]) if top else np.maximum(x, order[k])
    return y


for v in names:
    x = X[v]
    n, mn, mx = int((~np.isnan(x)).sum()), np.nanmin(x), np.nanmax(x)
    q10, q90 = np.nanquantile(x, [0.1, 0.9])
    add(f"minmax_1_100:{v}", units, 1 + 99 * (x - mn) / (mx - mn))
    add(f"minmax_down:{v}", units, 1 + 99 * (mx - x) / (mx - mn))
    add(f"zscore:{v}", units, (x - np.nanmean(x)) / np.nanstd(x, ddof=1))
    add(f"zscore_down:{v}", units, -(x - np.nanmean(x)) / np.nanstd(x, ddof=1))
    add(f"zscore_population:{v}", units, (x - np.nanmean(x)) / np.nanstd(x))
    add(f"scaled:{v}", units, 100 * x / mx)
    add(f"dist2max:{v}", units, 1 - (mx - x) / (mx - mn))
    ref = x[units.index("E")]
    add(f"dist2ref:{v}", units, 1 - (ref - x) / (ref - mn))
    add(f"dist2ref_down:{v}", units, (mx - x) / (mx - ref))
    t = mn + 0.8 * (mx - mn)
    add(f"dist2target:{v}", units, np.clip(1 - (t - x) / (t - mn), 0, 1))
    add(f"fracmax:{v}", units, x / mx)
    add(f"rank:{v}", units, place(x) + 1)
    add(f"rank_down:{v}", units, place(-x) + 1)
    add(f"prank:{v}", units, place(x) / (n - 1))
    add(f"borda:{v}", units, place(x))
    add(f"goalposts:{v}", units, np.clip((x - q10) / (q90 - q10), 0, 1))
    add(f"capped:{v}", units, np.clip(x, q10, q90))
    add(f"winsorised:{v}", units, winsor(x))
    add(f"logCT:{v}", units, np.log(x - mn + 0.01 * (mx - mn)))
    add("skew", [v], stats.skew(x[~np.isnan(x)], bias=False))
    add("kurt", [v], stats.kurtosis(x[~np.isnan(x)], bias=False))
add("log:a", units, np.log(X["a"]))
add("log_between:a", units, np.log(X["a"] / 0.5) / np.log(100 / 0.5))

b = X["b"]
add("impute_mean", units, np.where(np.isnan(b), np.nanmean(b), b))
add("impute_median", units, np.where(np.isnan(b), np.nanmedian(b), b))
means = {g: np.nanmean(b[[k == g for k in group]]) for g in set(group)}
add("impute_group", units, [means[g] if np.isnan(x) else x for g, x in zip(group, b)])
add("impute_last", units, np.where(np.isnan(b), last, b))

M = np.array([1 + 99 * (X[v] - np.nanmin(X[v])) / (np.nanmax(X[v]) - np.nanmin(X[v])) for v in names]).T
w = np.arange(1.0, 5.0)
full = ~np.isnan(M).any(1)
W = np.where(np.isnan(M), 0, w)
add("amean", units, np.nansum(M * w, 1) / W.sum(1))
add("amean_keep", units, np.nansum(M * w, 1) / w.sum())
add("amean_divisor", units, np.nansum(M * w, 1) / 7)
add("sum_blank", units, (M * w).sum(1))
add("plain_mean", units, np.nanmean(M, 1))
add("gmean_drop", units, np.exp(np.nansum(np.log(M) * w, 1) / W.sum(1)))
add("median", units, np.nanmedian(M, 1))
C, U = M[full], [u for u, f in zip(units, full) if f]
add("gmean", U, np.exp((np.log(C) * w).sum(1) / w.sum()))
add("hmean", U, w.sum() / (w / C).sum(1))
add("genmean_p2", U, ((C**2 * w).sum(1) / w.sum()) ** 0.5)
add("genmean_pm3", U, ((C**-3.0 * w).sum(1) / w.sum()) ** (-1 / 3))
lead = np.array([[(w * (np.sign(C[i] - C[j]))).sum() for j in range(len(C))] for i in range(len(C))])
add("copeland", U, np.sign(np.where(abs(lead) < 1e-12, 0, lead)).sum(1))
R = np.corrcoef(C.T)
value, vector = np.linalg.eigh(R)
add("pca_var_share", ["1", "2", "3", "4"], value[::-1] / 4)
add("pca_abs_loading1", names, abs(vector[:, -1]))
S = np.cov(C.T)
add("cronbach_cov", ["all"], 4 / 3 * (1 - np.trace(S) / S.sum()))
add("cronbach_cor", ["all"], 4 / 3 * (1 - 4 / R.sum()))
for i, p in enumerate(names):
    for j, q in enumerate(names):
        add("cor_pearson", [f"{p}~{q}"], R[i, j])
        add("cor_spearman", [f"{p}~{q}"], stats.spearmanr(C[:, i], C[:, j]).statistic)
        add("cor_kendall", [f"{p}~{q}"], stats.kendalltau(C[:, i], C[:, j]).statistic)
# Weights of a, c, d (b has the gap) by the first component, and by regression of the outcome e on a, c.
P = np.array([X[v] for v in ["a", "c", "d"]])
load = np.linalg.eigh(np.corrcoef(P))[1][:, -1]
load = load / load.sum()
add("weights_pca", ["a", "c", "d"], load)
add("score_pca", units, load @ P)
e = np.array([float(r["e"]) for r in rows])
beta = np.linalg.lstsq(np.column_stack([np.ones(len(e)), X["a"], X["c"]]), e, rcond=None)[0][1:]
add("weights_regression", ["a", "c"], beta)
add("score_regression", units, beta @ np.array([X["a"], X["c"]]))
print("call,key,estimate")
for line in out:
    print(",".join(line))
