import type { RunningSimulator } from "./simulator.ts";

export type Segment = { id: string; name: string; query: string };

/** All segments of the simulated shop, from the Admin API. */
export async function readSegments(simulator: RunningSimulator): Promise<Segment[]> {
  const data = (await simulator.ask(`{ segments(first: 100) { nodes { id name query } } }`)) as {
    segments: { nodes: Segment[] };
  };
  return data.segments.nodes;
}

export async function deleteSegment(simulator: RunningSimulator, id: string): Promise<void> {
  await simulator.ask(`mutation ($id: ID!) { segmentDelete(id: $id) { userErrors { message } } }`, {
    id,
  });
}
