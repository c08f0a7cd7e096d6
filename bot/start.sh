#!/bin/sh
# What the image runs: `rasa` (port 5005) or `actions` (port 5055).
set -eu

case "${1:-rasa}" in
    rasa)
        exec rasa run -i 0.0.0.0 -p 5005 --model bot/trained \
            --endpoints bot/endpoints.yml --credentials bot/credentials.yml
        ;;
    actions)
        exec python -m rasa_sdk --actions bot.actions -p 5055
        ;;
    *)
        echo "Say what to run: rasa or actions." >&2
        exit 2
        ;;
esac
