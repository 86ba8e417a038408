# hullcheck's own image: docker run --rm -v "$PWD:/work:ro" hullcheck app.tar
ARG ALPINE=3.22

FROM alpine:${ALPINE} AS build
RUN apk add --no-cache nodejs npm
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY rules ./rules
COPY src ./src
COPY scripts/build ./scripts/build
RUN npm run build

FROM alpine:${ALPINE}
RUN apk add --no-cache nodejs
COPY --from=build /build/package.json /opt/hullcheck/
COPY --from=build /build/dist/bundle /opt/hullcheck/dist/bundle
COPY LICENSE /opt/hullcheck/
# No account of the image owns what it runs, and none is needed to read what is mounted.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["node", "/opt/hullcheck/dist/bundle/cli.js"]
