# Every command is a line of French help after ##, and a call to the launcher: Python's standard library, nothing to install first.
# The system's own Python when it is recent enough: one that was compiled at home, as pyenv does, often takes half as long again.
SYSTEM_PYTHON := /usr/bin/python3
PYTHON ?= $(shell $(SYSTEM_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(SYSTEM_PYTHON) || echo python3)
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test fuzz faults drill look bench lint services manage lock audit clean

help: ## Affiche cette liste
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

demo: ## Démarre tout le portail ici, avec ses données d’exemple (PORT=8001 pour un autre port) ; Ctrl-C arrête tout
	@$(PYTHON) -m dev demo

demo-reset: ## Efface les données de la démonstration, puis la démarre à neuf
	@$(PYTHON) -m dev demo-reset

test: ## Vérifie tout ; une partie seulement : make test ARGS="tests/documents -k sceau"
	@$(PYTHON) -m dev test $(ARGS)

fuzz: ## Envoie 5 000 saisies inattendues à chaque sorte de page, sans qu’aucune ne doive casser (une dizaine de minutes)
	@FUZZ_EXAMPLES=5000 $(PYTHON) -m dev test tests/attacks/test_fuzz.py

faults: ## Provoque vingt fois chaque panne (ouvrier, pages, base, file, stockage, messagerie, horloge) et dit ce qui s’est perdu (une demi-heure)
	@$(PYTHON) -m dev faults $(ARGS)

drill: ## Exercice de restauration sur la démonstration qui tourne : sauvegarde, base et dossier neufs, tout vérifié, chiffres
	@$(PYTHON) -m dev manage restore_drill $(ARGS)

look: ## Ouvre chaque page dans un navigateur : politique, accessibilité au téléphone et au bureau, formulaires refusés (un quart d’heure ; REPRENDRE=1 continue) : var/test/look/tableau.md
	@LOOK=whole $(PYTHON) -m dev test tests/rights/test_every_page_in_browser.py

bench: ## Mesure les vitesses du portail, une ligne JSON par chiffre (25 minutes ; ARGS="--quick" ou "--only pages" pour moins)
	@$(PYTHON) -m dev bench $(ARGS)

lint: ## Contrôle le code sans lancer les tests
	@$(PYTHON) -m dev lint

services: ## Démarre PostgreSQL et Valkey seuls et affiche leurs adresses
	@$(PYTHON) -m dev services

manage: ## Lance une commande de Django sur la démonstration : make manage ARGS="verify_document fichier.pdf"
	@$(PYTHON) -m dev manage $(ARGS)

lock: ## Recalcule les dépendances verrouillées (ARGS=--upgrade pour les mettre à jour)
	@$(PYTHON) -m dev lock $(ARGS)

audit: ## Cherche les failles connues des dépendances et leurs versions plus récentes (0 : aucune, 1 : des failles, 3 : base injoignable)
	@$(PYTHON) -m dev audit $(ARGS)

clean: ## Efface l’environnement, les données de la démonstration et les fichiers de travail
	@$(PYTHON) -m dev clean
