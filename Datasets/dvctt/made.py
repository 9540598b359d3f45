"""Makes counts.csv: files received and handled by province. Only Hà Nam's first two counts are figures of record.

Run with Python 3.11 or later in this folder: python3 made.py
"""
import csv, random

draw = random.Random(115665)
places = [r for r in csv.DictReader(open("../vietnam/places.csv")) if r["vintage"] == "2004"]
with open("counts.csv", "w") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["province", "received", "filed_online", "fully_online", "origin"])
    for place in places:
        if place["name_vi"] == "Hà Nam":
            out.writerow([place["code"], 168746, 115665, "", "cited"])
            continue
        received = draw.randrange(60_000, 900_000)
        filed = round(received * draw.uniform(0.35, 0.92))
        out.writerow([place["code"], received, filed, round(filed * draw.uniform(0.3, 0.9)), "made"])
