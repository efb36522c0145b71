"""Serves telemelya, another Telegram mock, with a Redis and an S3 of its own. Runs in the peer's environment.

Usage: python telemelya_peer.py PORT REDIS_PORT S3_PORT
"""

import os
import sys
import threading

port, redis_port, s3_port = (int(argument) for argument in sys.argv[1:4])
os.environ["REDIS_URL"] = f"redis://127.0.0.1:{redis_port}/0"
os.environ["MINIO_ENDPOINT"] = f"127.0.0.1:{s3_port}"
os.environ["AUTH_KEYS"] = "peer"

import uvicorn  # noqa: E402  the settings above are read on import
from fakeredis import TcpFakeServer  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402
from telemelya.server.app import app  # noqa: E402

redis = TcpFakeServer(("127.0.0.1", redis_port))
threading.Thread(target=redis.serve_forever, daemon=True).start()
ThreadedMotoServer(ip_address="127.0.0.1", port=s3_port, verbose=False).start()
uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
