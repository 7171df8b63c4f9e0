# wallctl: two commands are all a newcomer needs: make demo, make test.
PY := .venv/bin/python
STAMP := .venv/.installed

.PHONY: demo test check coverage attack install system lock bench format golden pictures clean

demo: install            ## a wall of 14 built-in cameras; ARGS='--headless --for 10' are handed on
	@sh tools/system.sh fontconfig fonts-noto-cjk fonts-noto-core fonts-noto-color-emoji \
	    libgl1 libgl1-mesa-dri
	@.venv/bin/wallctl demo $(ARGS)

test: install system     ## every check and every test, end to end ones included
	@sh tools/check.sh all

check: install           ## format, lint, types, import layers, the quick tests: a minute
	@sh tools/check.sh quick

coverage: install        ## how much of the code is covered by all tests but the end-to-end ones: at least 97 %
	@sh tools/check.sh coverage

attack: install system   ## every attack on the wall, at its whole size
	@WALLCTL_ATTACK=whole $(PY) -m pytest -q -m attack --timeout 1800

install: $(STAMP)        ## .venv with the command wallctl
$(STAMP): pyproject.toml requirements/dev.txt tools/install.sh
	@sh tools/install.sh
	@touch $@

system:                  ## what tests and windows need from the system, if it may be installed
	@sh tools/system.sh

lock:                    ## newer packages, locked in requirements/, and every test with them
	@sh tools/lock.sh

bench: install           ## all benchmarks; ARGS='--media DIR' says where real recordings lie
	$(PY) benchmarks/fps_by_streams.py $(ARGS)
	$(PY) benchmarks/fps_by_streams.py --codec hevc $(ARGS)
	$(PY) benchmarks/fps_by_streams.py --size main --streams 1,2,4,8,16,32 $(ARGS)
	$(PY) benchmarks/fps_by_streams.py --size main --streams 1,2,4,8,16,32 --codec hevc $(ARGS)
	$(PY) benchmarks/full_speed.py --streams 14 --size main $(ARGS)
	$(PY) benchmarks/full_speed.py --streams 64 --size sub $(ARGS)
	$(PY) benchmarks/scaling.py $(ARGS)
	$(PY) benchmarks/peers.py $(ARGS)
	$(PY) benchmarks/prediction.py
	$(PY) benchmarks/switch.py
	$(PY) benchmarks/warm.py $(ARGS)
	$(PY) benchmarks/receiving.py $(ARGS)
	$(PY) benchmarks/latency.py
	$(PY) benchmarks/hold.py $(ARGS)
	$(PY) benchmarks/hold.py --size main $(ARGS)
	$(PY) benchmarks/overload.py
	$(PY) benchmarks/present.py $(ARGS)
	$(PY) benchmarks/broadcast.py
	$(PY) benchmarks/broadcast.py --way udp
	$(PY) benchmarks/compose.py
	$(PY) benchmarks/arena.py

format: install          ## put the code into shape
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

golden: install          ## draw the golden pictures again; look at the difference before you commit
	WALLCTL_UPDATE_GOLDEN=1 $(PY) -m pytest -q tests/display/test_drawing_*.py tests/display/test_wall.py \
	    tests/preview/test_key_card.py

pictures: install system ## draw the pictures of the operators' manual again; look at each before you commit
	$(PY) -m tools.operator_pictures

clean:                   ## everything that make made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis out
