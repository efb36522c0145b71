def main(event, context):
    return {"statusCode": 204, "headers": {"Access-Control-Allow-Origin": "https://own.example"}}
