"""work/tick: each minute, starts what is due and sweeps what was left behind."""

from promostack.app import schedule, worker


def main(event, context):
    return worker.run("tick", context, schedule.tick)
