# What the page is opened in: { chromium; environment; }, where `chromium` has bin/chromium, or a file `missing` that says
# why it has not.
pkgs: {
  # nixpkgs has none for macOS.
  chromium =
    if pkgs.stdenv.hostPlatform.isLinux then
      pkgs.chromium
    else
      pkgs.writeTextDir "missing" "there is no Chromium for this system; repair: build this check on Linux";

  # In a sandbox there are no fonts, without which Chromium draws no page. The stand-in's own brings some.
  environment = pkgs.lib.optionalAttrs (pkgs ? makeFontsConf) {
    FONTCONFIG_FILE = pkgs.makeFontsConf { fontDirectories = [ pkgs.dejavu_fonts ]; };
  };
}
