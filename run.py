"""Start Moonballot: `python run.py --help` lists what else it can do."""

from bot.cli import main

if __name__ == "__main__":
    main()
