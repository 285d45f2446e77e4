// Checks a log's note, cosignature, inclusion and consistency with the libraries of the Go checksum database.
//
// Reads one JSON object on standard input, prints "ok" and exits 0 when all of it holds; says what does not otherwise.
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proof struct {
	Size   int64    `json:"size"`
	Root   string   `json:"root"`
	Index  int64    `json:"index"`
	Record string   `json:"record"`
	Path   []string `json:"path"`
}

type input struct {
	Vkey        string   `json:"vkey"`
	Note        string   `json:"note"`
	Witness     string   `json:"witness"`
	WitnessKey  string   `json:"witness_key"`
	Cosignature string   `json:"cosignature"`
	Inclusions  []proof  `json:"inclusions"`
	OldSize     int64    `json:"old_size"`
	OldRoot     string   `json:"old_root"`
	Consistency []string `json:"consistency"`
}

func fail(format string, args ...interface{}) {
	fmt.Printf(format+"\n", args...)
	os.Exit(1)
}

func check(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func bytesOf(text string) []byte {
	data, err := base64.StdEncoding.DecodeString(text)
	check(err, "base64")
	return data
}

func hashOf(text string) tlog.Hash {
	hash, err := tlog.ParseHash(text)
	check(err, "hash")
	return hash
}

func hashes(texts []string) []tlog.Hash {
	found := []tlog.Hash{}
	for _, text := range texts {
		found = append(found, hashOf(text))
	}
	return found
}

func main() {
	var in input
	check(json.NewDecoder(os.Stdin).Decode(&in), "input")
	verifier, err := note.NewVerifier(in.Vkey)
	check(err, "vkey")
	opened, err := note.Open([]byte(in.Note), note.VerifierList(verifier))
	check(err, "note")
	lines := strings.Split(opened.Text, "\n")
	var size int64
	_, err = fmt.Sscanf(lines[1], "%d", &size)
	check(err, "size")
	root := hashOf(lines[2])
	if lines[0] != verifier.Name() {
		fail("origin %s is not %s", lines[0], verifier.Name())
	}
	for _, p := range in.Inclusions {
		check(tlog.CheckRecord(hashes(p.Path), p.Size, hashOf(p.Root), p.Index, tlog.RecordHash(bytesOf(p.Record))), "inclusion")
	}
	if in.OldSize > 0 {
		check(tlog.CheckTree(hashes(in.Consistency), size, root, in.OldSize, hashOf(in.OldRoot)), "consistency")
	}
	if in.Cosignature != "" {
		blob := bytesOf(in.Cosignature)
		at := binary.BigEndian.Uint64(blob[:8])
		message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, opened.Text)
		if !ed25519.Verify(ed25519.PublicKey(bytesOf(in.WitnessKey)), []byte(message), blob[8:]) {
			fail("cosignature")
		}
	}
	fmt.Println("ok")
}
