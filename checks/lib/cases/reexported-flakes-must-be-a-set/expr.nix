{lib, ...}: lib.reexportChecks []
