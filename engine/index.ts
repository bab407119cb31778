// Placeholder of the public interface: grows with the engine.
export const axes = ["clv", "buy"] as const;
export type Axis = (typeof axes)[number];
export const tiers = ["high", "moderate", "low", "new"] as const;
export type Tier = (typeof tiers)[number];
