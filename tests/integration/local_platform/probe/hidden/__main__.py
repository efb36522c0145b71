def main(event, context):
    return {"got": event, "activation": context.activation_id}
