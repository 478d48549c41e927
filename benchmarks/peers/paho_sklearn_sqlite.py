"""The service one writes by hand: MQTT in, one INSERT a message, one prediction a message, MQTT out.

Usage: paho_sklearn_sqlite.py PORT WORKFLOW_FOLDER MODEL DATABASE. Prints "ready" when it has subscribed; ends with its
standard input. A message is acknowledged when on_message returns, thus after its row is durable: the promise Mlops makes.
"""

import json
import os
import socket
import sqlite3
import sys
import threading

import numpy as np
import paho.mqtt.client as mqtt

from predict_loop import load

TOPIC_IN = "ie/d/j/simatic/v1/bench/dp/r/plc/cycle"
TOPIC_OUT = "ie/d/j/simatic/v1/node/dp/r/bench/answers"
COLUMNS = ", ".join(f"value{i}" for i in range(16))
INSERT = f"INSERT INTO records (seq, ts, {COLUMNS}) VALUES ({', '.join('?' * 18)})"


def main():
    port, folder, kind, database = sys.argv[1:]
    workflow = load(folder)
    model = workflow.fit(kind)
    # Messages come on the thread of loop_forever; isolation_level None leaves BEGIN and COMMIT to SQLite: one an INSERT.
    db = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute(f"CREATE TABLE records (position INTEGER PRIMARY KEY, seq INTEGER, ts TEXT, {COLUMNS.replace(',', ' REAL,')} REAL)")

    def on_connect(client, userdata, flags, code):
        client.subscribe(TOPIC_IN, qos=1)

    def on_message(client, userdata, message):
        record = json.loads(message.payload)
        values = [value["val"] for value in record["vals"]]
        db.execute(INSERT, (record["seq"], record["vals"][0]["ts"], *values))
        labels, votes = workflow.answer(model, np.array([values]))
        client.publish(TOPIC_OUT, json.dumps({
            "seq": record["seq"],
            "source": {"seq": record["seq"]},
            "vals": [{"id": "label", "val": labels[0], "qc": 3}, {"id": "score", "val": float(votes[0].max()), "qc": 3}],
        }), qos=1)

    client = mqtt.Client("peer", protocol=mqtt.MQTTv311)
    client.max_inflight_messages_set(2000)
    client.max_queued_messages_set(0)
    client.on_connect = on_connect
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.on_message = on_message
    client.connect("127.0.0.1", int(port))
    # Small packets both ways: without this each answer may wait for an acknowledgement.
    client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    client.loop_forever()


if __name__ == "__main__":
    main()
