"""The service one writes by hand to keep what MQTT brings: rows in SQLite, many messages a transaction.

Usage: paho_sqlite.py PORT DATABASE. Prints "ready" when it has subscribed; ends with its standard input. paho acknowledges a
message when on_message returns, which is before its row is on the disk; what has come while one transaction ran makes the next
(WAL, synchronous=FULL), and after each the number of rows on the disk is published.
"""

import json
import os
import queue
import socket
import sqlite3
import sys
import threading

import paho.mqtt.client as mqtt

TOPIC = "ie/d/j/simatic/v1/bench/dp/r/plc/cycle"
COMMITTED = "bench/committed"
COLUMNS = ", ".join(f"value{i}" for i in range(16))
INSERT = f"INSERT INTO records (seq, ts, {COLUMNS}) VALUES ({', '.join('?' * 18)})"


def store(database, messages, client):
    db = sqlite3.connect(database, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute(f"CREATE TABLE records (position INTEGER PRIMARY KEY, seq INTEGER, ts TEXT, {COLUMNS.replace(',', ' REAL,')} REAL)")
    total = 0
    while True:
        payloads = [messages.get()]
        try:
            while True:
                payloads.append(messages.get_nowait())
        except queue.Empty:
            pass
        rows = []
        for payload in payloads:
            record = json.loads(payload)
            values = record["vals"]
            rows.append((record["seq"], values[0]["ts"], *[value["val"] for value in values]))
        db.execute("BEGIN")
        db.executemany(INSERT, rows)
        db.execute("COMMIT")
        total += len(rows)
        client.publish(COMMITTED, str(total))


def main():
    port, database = sys.argv[1:]
    messages = queue.SimpleQueue()
    client = mqtt.Client("peer", protocol=mqtt.MQTTv311)
    client.on_connect = lambda *_: client.subscribe(TOPIC, qos=1)
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.on_message = lambda _client, _userdata, message: messages.put(message.payload)
    client.connect("127.0.0.1", int(port))
    client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=store, args=(database, messages, client), daemon=True).start()
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    client.loop_forever()


if __name__ == "__main__":
    main()
