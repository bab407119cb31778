// The network is closed in tests: requests to other machines fail at once.
const realFetch = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (!["127.0.0.1", "localhost", "[::1]"].includes(url.hostname)) {
    throw new Error(`A test tried to reach ${url.origin}: the network is closed in tests`);
  }
  return realFetch(input, init);
};
