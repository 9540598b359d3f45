#!/usr/bin/env python3
"""Prints what pyreadstat reads of an SPSS or Stata file, one JSON object with texts in canonical form."""
import datetime
import json
import sys
import unicodedata

import pyreadstat


def number(value):
    return str(int(value)) if value == int(value) and abs(value) < 2**53 else repr(value)


def moment(value, days, fraction):
    """Seconds since an epoch as ISO 8601."""
    whole = datetime.datetime(1970, 1, 1) + datetime.timedelta(days=days, milliseconds=round(value * 1000))
    return whole.strftime("%Y-%m-%dT%H:%M:%S") + (f".{whole.microsecond // 1000:03}" if whole.microsecond else "")


def day(value):
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=value)).isoformat()


def clock(seconds):
    whole, rest = divmod(round(abs(seconds) * 1000), 1000)
    text = f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}" + (f".{rest:03}" if rest else "")
    return "-" + text if seconds < 0 else text


def converter(form):
    name = "".join(c for c in form if c.isalpha() or c == "%").upper()
    if form.startswith("%t") or form.startswith("%d") or form.startswith("%-t") or form.startswith("%-d"):
        rest = form.lstrip("%-")
        kind = "d" if rest.startswith("d") else (rest + "d")[1]
        base = 1960
        return {
            "d": lambda v: day(int(v // 1) - 3653),
            "c": lambda v: moment(v / 1000, -3653, True),
            "C": lambda v: moment(v / 1000, -3653, True),
            "w": lambda v: f"{base + int(v // 52):04}-W{int(v % 52) + 1:02}",
            "m": lambda v: f"{base + int(v // 12):04}-{int(v % 12) + 1:02}",
            "q": lambda v: f"{base + int(v // 4):04}-Q{int(v % 4) + 1}",
            "h": lambda v: f"{base + int(v // 2):04}-H{int(v % 2) + 1}",
            "y": lambda v: f"{int(v):04}",
        }.get(kind)
    if name in ("DATE", "ADATE", "EDATE", "JDATE", "SDATE"):
        return lambda v: day(int(v // 86400) - 141428)
    if name in ("DATETIME", "YMDHMS"):
        return lambda v: moment(v, -141428, True)
    if name in ("TIME", "DTIME", "MTIME"):
        return clock
    return None


def code(value):
    if isinstance(value, str):
        return "." + value if len(value) == 1 and value.isalpha() and TAGGED else unicodedata.normalize("NFC", value)
    return number(value)


path = sys.argv[1]
TAGGED = path.endswith(".dta")
reader = {"dta": pyreadstat.read_dta, "por": pyreadstat.read_por}.get(path.rsplit(".", 1)[1], pyreadstat.read_sav)
arguments = {"disable_datetime_conversion": True, "output_format": "dict"}
if "por" not in path.rsplit(".", 1)[1]:
    arguments["user_missing"] = True
data, meta = reader(path, **arguments)
columns = []
for index, name in enumerate(meta.column_names):
    convert = converter(meta.original_variable_types.get(name) or "")
    cells = []
    for value in data[name]:
        if value is None or value == "" or value != value:
            cells.append(None)
        elif isinstance(value, str):
            tag = meta.readstat_variable_types.get(name) != "string"
            cells.append(None if tag else unicodedata.normalize("NFC", value))
        elif convert:
            cells.append(convert(value))
        else:
            cells.append(number(float(value)))
    labels = meta.variable_value_labels.get(name, {})
    columns.append({
        "name": unicodedata.normalize("NFC", name),
        "label": unicodedata.normalize("NFC", meta.column_labels[index] or ""),
        "labels": {code(k): unicodedata.normalize("NFC", v) for k, v in labels.items()},
        "ranges": [[float(r["lo"]), float(r["hi"])] for r in meta.missing_ranges.get(name, [])
                   if not isinstance(r["lo"], str)],
        "texts": [unicodedata.normalize("NFC", r["lo"]) for r in meta.missing_ranges.get(name, [])
                  if isinstance(r["lo"], str)],
        "tags": sorted("." + t for t in (meta.missing_user_values or {}).get(name, []) if isinstance(t, str)),
        "cells": cells,
    })
print(json.dumps({"rows": meta.number_rows, "columns": columns}, ensure_ascii=False))
