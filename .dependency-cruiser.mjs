// Who may import whom. Each rule carries its reason; docs/architecture.md describes the rooms.

const tests = "\\.test\\.tsx?$";

/** Rooms in order: each may import those before it and none after it. */
function ladder(folder, rooms, reason) {
  return rooms.slice(0, -1).map((room, index) => ({
    name: `${room}-in-${folder.replaceAll("/", "-")}-looks-down-only`,
    comment: reason,
    severity: "error",
    from: { path: `^${folder}/${room}/`, pathNot: tests },
    to: { path: `^${folder}/(${rooms.slice(index + 1).join("|")})/` },
  }));
}

const domains = ["shopify", "shop", "orders", "scoring", "writeback", "campaigns", "privacy"];
const edge = ["http", "server", "routes", "components", "i18n"];

export default {
  forbidden: [
    ...ladder(
      "app",
      ["lib", "queue", ...domains, "worker"],
      "lib and queue are the floor and know no domain; each domain knows those before it; the worker is the roof.",
    ),
    ...ladder(
      "app/shopify",
      ["tokens", "api", "bulk", "resources"],
      "A call needs a token, a bulk operation needs calls, a resource needs either; never the other way round.",
    ),
    ...ladder(
      "app/orders",
      ["customers", "store", "purchases", "webhooks", "reconcile", "import"],
      "What brings orders in knows the store; the store does not know who brings them.",
    ),
    ...ladder(
      "app/scoring",
      ["evaluation", "store", "exclusion", "run", "views"],
      "An evaluation is stored, a run evaluates and stores, a view reads: nothing below knows a run or a screen.",
    ),
    ...ladder(
      "app/writeback",
      ["plan", "state", "send"],
      "A plan is a pure function of two states; sending carries plans out and records the written state.",
    ),
    ...ladder(
      "engine",
      ["maths", "histories", "models", "spend", "learning", "gate"],
      "A model is fitted to histories; what past windows teach of models and spend is learned above both, and the gate judges what was learned. The files beside the rooms fit and score a store.",
    ),
    {
      name: "engine-rooms-know-no-store-fit",
      comment: "The files beside the rooms put them together; a room knows nothing of that.",
      severity: "error",
      from: { path: "^engine/[a-z]+/", pathNot: tests },
      to: { path: "^engine/[a-z-]+\\.ts$" },
    },
    {
      name: "domains-do-not-know-the-edge",
      comment:
        "A domain answers a page, a webhook or a job alike: it knows no request and no screen.",
      severity: "error",
      from: { path: `^app/(lib|queue|${domains.join("|")}|worker)/`, pathNot: tests },
      to: { path: "^app/(http|routes|components|shopify\\.server|root|entry)" },
    },
    {
      name: "server-knows-no-domain",
      comment:
        "The web process is Node's server around the built app: what a route does is loaded with the build.",
      severity: "error",
      from: { path: "^app/server/", pathNot: tests },
      to: {
        path: `^app/(${[...domains, "worker", ...edge.filter((room) => room !== "server")].join("|")})/`,
      },
    },
    {
      name: "screens-share-downwards",
      comment:
        "A page's components know that page and what all pages share; shared components know no page.",
      severity: "error",
      from: { path: "^app/components/shared/", pathNot: tests },
      to: { path: "^app/components/(?!shared/)" },
    },
    {
      name: "no-screen-knows-another",
      comment: "What two pages need moves to app/components/shared.",
      severity: "error",
      from: {
        path: "^app/components/(home|customer|customers|calendar|target|privacy|settings|accuracy|help|runs)/",
        pathNot: tests,
      },
      to: { path: "^app/components/", pathNot: "^app/components/($1|shared)/" },
    },
    {
      name: "no-circles",
      comment: "A circle means two rooms that are really one.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "engine-stands-alone",
      comment:
        "The engine is pure mathematics, publishable by itself: it imports nothing outside itself.",
      severity: "error",
      from: { path: "^engine/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "^engine/" },
    },
    {
      name: "cli-on-the-engine",
      comment:
        "The command line scores any order file without a shop: it knows the engine and nothing of the app.",
      severity: "error",
      from: { path: "^cli/", pathNot: "\\.test\\.ts$" },
      to: {
        pathNot: "^(cli|engine|runtime)/|node_modules/(csv-parse|hyparquet-writer|tsx)/",
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "simulator-does-not-know-the-app",
      comment:
        "A simulator that reads our code would agree with our mistakes: they meet over HTTP only.",
      severity: "error",
      from: { path: "^simulator/" },
      to: { path: "^(app|prisma)/|node_modules/(@prisma|prisma)/" },
    },
    {
      name: "app-does-not-know-the-simulator",
      comment: "The app talks to Shopify; which Shopify is a matter of configuration.",
      severity: "error",
      from: { path: "^app/", pathNot: tests },
      to: { path: "^(simulator|scripts|tests|bench)/" },
    },
    {
      name: "framework-at-the-edge",
      comment:
        "Polaris React is deprecated and Remix has become React Router: a later move must touch the edge alone.",
      severity: "error",
      from: {
        path: "^app/",
        pathNot: "^app/(routes|components|root|entry|server/|shopify\\.server)",
      },
      to: {
        path: "node_modules/(@remix-run|@shopify/polaris|@shopify/app-bridge|@shopify/shopify-app-remix|react)",
      },
    },
    {
      name: "no-database-in-the-edge",
      comment: "Routes parse, ask a domain folder and render; components only render.",
      severity: "error",
      from: { path: "^app/(routes|components)/" },
      to: { path: "^app/lib/db\\.server|node_modules/(pg|pg-boss|@prisma)/" },
    },
    {
      name: "admin-api-through-shopify",
      comment:
        "Every Admin API call leaves through app/shopify: one place knows cost, throttle and errors.",
      severity: "error",
      from: { path: "^app/", pathNot: "^app/(shopify/|shopify\\.server)" },
      to: { path: "node_modules/@shopify/(admin-api-client|shopify-api)/" },
    },
    {
      name: "nobody-knows-the-worker",
      comment: "Others enqueue by name, so that a web process never loads the work itself.",
      severity: "error",
      from: { path: "^app/", pathNot: `^app/worker/|${tests}` },
      to: { path: "^app/worker/" },
    },
    {
      name: "not-to-unresolvable",
      comment: "An import that resolves to nothing is a broken build.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^virtual:|\\?url$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^app/generated/|\\.d\\.ts$" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json"],
    },
  },
};
