"""The live panel: filters and the pictures that follow them, in JupyterLab."""
