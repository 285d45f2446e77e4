// What the sealing page needs of others, in one module: age files, Shamir's shares, canonical JSON, a digest and a checksum that can be fed piece by piece.
export { Encrypter, Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
export { split, combine } from "shamir-secret-sharing";
export { default as canonicalize } from "canonicalize";
export { createSHA256, createCRC32 } from "hash-wasm";
export { bech32 } from "@scure/base";
export { ed25519 } from "@noble/curves/ed25519.js";
