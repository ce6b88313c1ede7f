from chengyun.config.cli import main

main()
