#!/bin/bash
# Makes `virtualenv`, the folder whose packages the platform puts before its image's: what requirements.txt pins (flat, so
# that nothing of the image is bundled again), and the library with its fonts beside it. All of it is compiled, and never
# checked against its source: a cold container holds no .pyc, and compiling costs more than the function itself.
# It sees nothing but this folder, so that it also works in a remote build; every function holds the same file (tested).
set -euo pipefail

site=virtualenv/lib/python3.11/site-packages

install_packages() {
  virtualenv --quiet --without-pip .virtualenv
  mkdir -p virtualenv/bin "$site"
  mv .virtualenv/bin/activate_this.py virtualenv/bin/ # all that is used of it: the interpreter is the image's
  # The image has glibc 2.31; a plain install on a newer machine takes wheels that would not load there.
  pip install --quiet --disable-pip-version-check --no-deps --no-compile --target "$site" \
    --python-version 3.11 --implementation cp --only-binary=:all: \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 \
    -r requirements.txt
}

trim() {
  rm -rf .virtualenv "$site"/bin "$site"/*.dist-info
  find "$site" -type d \( -name tests -o -name __pycache__ -o -name __pyinstaller \) -prune -exec rm -rf {} +
  find "$site" -type f \( -name '*.pyi' -o -name '*.c' -o -name '*.h' -o -name '*.pxd' -o -name '*.pyx' \) -delete
  [ ! -d "$site/botocore" ] || trim_boto
  # Not used: certificates that certifi has, examples, pydantic 1, polling for updates; what makes cffi's extensions
  # (cryptography's is made); trio; dateutil's own time zones; native halves of what guesses encodings, which has plain
  # ones; of Pillow AVIF, Tk, and text, which HarfBuzz draws.
  rm -rf "$site"/botocore/cacert.pem "$site"/boto3/examples "$site"/uniseg/docs "$site"/pydantic/v1 "$site"/telegram/ext
  rm -rf "$site"/cffi "$site"/dateutil/zoneinfo/*.tar.gz "$site"/pydantic/mypy.py "$site"/urllib3/contrib/emscripten
  rm -f "$site"/anyio/{_backends/_trio,pytest_plugin}.py "$site"/charset_normalizer/*.so
  rm -f "$site"/PIL/_{avif,imagingtk,imagingft}* "$site"/uharfbuzz/_harfbuzz_test* \
    "$site"/pillow.libs/lib{avif,brotlicommon,brotlidec,freetype,harfbuzz,png16}*
}

trim_boto() { # to S3, the only service in use, unpacked and without prose: a client is made in 28 ms instead of 92
  find "$site"/{botocore,boto3}/data -mindepth 1 -maxdepth 1 -type d -not -name s3 -exec rm -rf {} +
  find "$site/botocore/data/s3" -name '*.gz' -exec gunzip {} +
  python3 - "$site/botocore/data" <<'END'
import json, pathlib, sys

def terse(node):
    if isinstance(node, dict):
        prose = node.get("documentation")
        return {key: terse(value) for key, value in node.items()} | ({"documentation": ""} if type(prose) is str else {})
    return [terse(value) for value in node] if isinstance(node, list) else node

data = pathlib.Path(sys.argv[1])
for path in [data / "endpoints.json", *data.glob("s3/*/*.json")]:
    content = terse(json.loads(path.read_text()))
    for partition in content.get("partitions", []):
        partition["services"] = {name: each for name, each in partition["services"].items() if name == "s3"}
    path.write_text(json.dumps(content, separators=(",", ":")))
END
}

compile() {
  python3 -m compileall -q -f --invalidation-mode unchecked-hash -s "$site" "$@"
}

compile_packages() { # without their sources, which would be a sixth of the zip, and without docstrings and asserts
  compile -o 2 -b "$site"
  find "$site" -name '*.py' -delete
}

if ! cmp -s requirements.txt virtualenv/requirements.txt; then
  rm -rf virtualenv .virtualenv
  install_packages
  trim
  compile_packages
  cp requirements.txt virtualenv/
fi

rm -rf "$site/promostack" "$site/assets"
cp -RL promostack "$site/promostack"
find "$site/promostack" -name __pycache__ -prune -exec rm -rf {} +
compile -b "$site/promostack" # with its asserts, and without the sources, which would be half a MiB of the zip
find "$site/promostack" -name '*.py' -delete
if [ -d assets ]; then
  mkdir "$site/assets"
  cp -RL assets/fonts "$site/assets/fonts"
fi
