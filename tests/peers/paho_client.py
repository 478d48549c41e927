"""One client of Eclipse Paho that does what it is told by lines and says what happens by lines. See Peers/LineClient.cs."""

import hashlib
import json
import sys
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

settings = json.loads(sys.argv[1])
url = urlsplit(settings["url"])


def say(*words):
    print(*words, flush=True)


def payload(size, first):
    return bytes((first + i * 7) & 255 for i in range(size))


def number(code):
    return code.value if hasattr(code, "value") else int(code)


client = mqtt.Client(
    client_id=settings["clientId"],
    protocol=settings["version"],
    transport="websockets" if url.scheme in ("ws", "wss") else "tcp",
    clean_session=None if settings["version"] == mqtt.MQTTv5 else not settings["keep"],
)
if settings["authority"]:
    client.tls_set(ca_certs=settings["authority"])
if url.scheme in ("ws", "wss"):
    client.ws_set_options(path=url.path)
if settings["will"]:
    client.will_set(settings["will"], payload(10, 1), qos=1)
client.on_connect = lambda c, u, flags, code, *rest: say("connected", flags["session present"])
client.on_subscribe = lambda c, u, mid, granted, *rest: say("subscribed", number(granted[0]))
client.on_publish = lambda c, u, mid: say("published", "done")
client.on_message = lambda c, u, m: say("message", m.topic, m.qos, int(m.retain), len(m.payload), hashlib.sha256(m.payload).hexdigest())

arguments = {}
if settings["version"] == mqtt.MQTTv5:
    arguments["clean_start"] = not settings["keep"]
    arguments["properties"] = Properties(PacketTypes.CONNECT)
    if settings["keep"]:
        arguments["properties"].SessionExpiryInterval = 300
    if settings["receiveMaximum"]:
        arguments["properties"].ReceiveMaximum = settings["receiveMaximum"]
client.connect(url.hostname, url.port, keepalive=30, **arguments)
client.loop_start()
for line in sys.stdin:
    command, *words = line.split()
    if command == "subscribe":
        client.subscribe(words[0], int(words[1]))
    elif command == "publish":
        client.publish(words[0], payload(int(words[3]), int(words[4])), int(words[1]), words[2] == "1")
    elif command == "leave":
        client.disconnect()
        client.loop_stop()
        sys.exit(0)
