#!/usr/bin/env bash
# @reteps/dockerfmt 0.5.4 (npm), a formatter of Dockerfiles. One expects that formatting changes the text and not the
# image. It changes three things silently. `ENV NAME a b=c`, where the rest of the line is one value, becomes two
# variables, and the image that BuildKit builds has both. `COPY ["my app", "/app"]` loses its JSON form, and so other
# files are copied. The text that a heredoc gives to `cat` is indented as if it were shell: the YAML file is another.
# A check that explains an image by the Dockerfile in the repository may be reading another Dockerfile than was built.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . @reteps/dockerfmt@0.5.4

cat >Dockerfile <<'DOCKERFILE'
FROM alpine:3.22
ENV JAVA_OPTS -Xmx1g -Dmode=production
COPY ["my app", "/app"]
RUN cat <<EOF >/etc/app.yaml
server:
  port: 8080
EOF
DOCKERFILE
cat >expected <<'DOCKERFILE'
FROM alpine:3.22
ENV JAVA_OPTS=-Xmx1g -Dmode=production
COPY my app /app
RUN cat <<EOF >/etc/app.yaml
server:
port: 8080
EOF
DOCKERFILE

echo "@reteps/dockerfmt $(node -p 'require("./node_modules/@reteps/dockerfmt/package.json").version')"
node_modules/.bin/dockerfmt --newline Dockerfile >formatted
diff Dockerfile formatted || true
[ "$(cat formatted)" = "$(cat expected)" ] || { echo 'the behaviour has changed' >&2; cat formatted >&2; exit 1; }
