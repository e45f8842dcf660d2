"""The loader of packs: data files of a programme in, ordinary operations out."""
