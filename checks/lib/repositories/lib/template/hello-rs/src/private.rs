fn private() {}
