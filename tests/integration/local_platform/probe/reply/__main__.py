import base64
import json


def main(event, context):
    """Answers with the result that the body holds."""
    http = event["http"]
    return json.loads(base64.b64decode(http["body"]) if http["isBase64Encoded"] else http["body"])
