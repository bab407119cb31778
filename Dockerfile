# Web and worker are the same image, with another command; see compose.yaml and docs/operations.md.
# `npm run demo -- --check --production` runs these steps in order, without Docker.

FROM node:22.23.3-bookworm-slim AS build
WORKDIR /encore
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run generate && npm run build

FROM node:22.23.3-bookworm-slim AS dependencies
WORKDIR /encore
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:22.23.3-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3100 METRICS_PORT=9100 WORKER_PORT=9100
WORKDIR /encore
COPY --from=dependencies /encore/node_modules ./node_modules
COPY --from=build /encore/node_modules/.prisma ./node_modules/.prisma
COPY --from=build /encore/build ./build
COPY package.json tsconfig.json ./
COPY app ./app
COPY engine ./engine
COPY prisma ./prisma
COPY runtime ./runtime
COPY scripts/migrate.ts scripts/jobs.ts scripts/shops.ts scripts/restored.ts scripts/rotate-keys.ts ./scripts/
COPY scripts/doctor.ts ./scripts/
COPY scripts/doctor ./scripts/doctor
COPY shopify.app.toml ./
USER node
EXPOSE 3100 9100
# Web and worker answer it alike, on the port that is for whoever runs them.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.METRICS_PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not npm: it would keep the signal to end from the process.
CMD ["sh", "-c", "node --import tsx scripts/migrate.ts && exec node --import tsx app/server/main.ts"]
