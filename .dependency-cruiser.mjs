// Who may import whom. Each rule carries its reason; docs/architecture.md tells the whole.

const ladder = ["shopify", "shop", "orders", "scoring", "writeback", "campaigns", "privacy"];

const climbs = ladder.flatMap((folder, index) => {
  const above = ladder.slice(index + 1);
  if (above.length === 0) return [];
  return [
    {
      name: `${folder}-looks-down-only`,
      comment: `The domain folders form a ladder; app/${folder} may not know those after it.`,
      severity: "error",
      from: { path: `^app/${folder}/`, pathNot: "\\.test\\.tsx?$" },
      to: { path: `^app/(${above.join("|")})/` },
    },
  ];
});

export default {
  forbidden: [
    ...climbs,
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
      from: { path: "^app/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^(simulator|scripts|tests|bench)/" },
    },
    {
      name: "framework-at-the-edge",
      comment:
        "Polaris React is deprecated and Remix has become React Router: a later move must touch the edge alone.",
      severity: "error",
      from: {
        path: "^app/",
        pathNot: "^app/(routes|components|root|entry|server|shopify\\.server)",
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
      to: { path: "^app/db\\.server|node_modules/(pg|pg-boss|@prisma)/" },
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
      name: "only-the-worker-knows-the-tasks",
      comment: "Others enqueue by name, so that a web process never loads the work itself.",
      severity: "error",
      from: { path: "^app/", pathNot: "^app/jobs/(worker|tasks)|\\.test\\.ts$" },
      to: { path: "^app/jobs/tasks" },
    },
    {
      name: "floor-stays-low",
      comment: "ids, errors, clock, env, log, db and the queue are the floor: they know no domain.",
      severity: "error",
      from: {
        path: "^app/(ids|errors|clock|token-keys|env-variables|clock\\.server|env\\.server|log\\.server|metrics\\.server|db\\.server|jobs/queue\\.server)\\.ts$",
      },
      to: { path: `^app/(${ladder.join("|")}|routes|components)/` },
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
