{ lib, ... }: lib.reexportChecks [ ]
