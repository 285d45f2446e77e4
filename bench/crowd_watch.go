// Many watchers of one room, as cheap as can be: one thread, epoll, and of each frame only its length and its number are read, so that the
// server is what is measured. Prints one JSON object.
//
//	crowd_watch PORT WATCHERS WINDOW RATE SECONDS SLOW RETURNING
//
// WINDOW > 0: so many events are in flight to the whole room; the next is asked for when the last watcher has one. Otherwise RATE a second.
// SLOW watchers stop reading for a while, RETURNING ones leave and come back; both ask over HTTP for what they have missed.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"
)

var (
	port    = os.Args[1]
	prefix  = []byte(`42/opening,["entry",{"seq":`)
	buckets [60000]int64 // of 0.1 ms
)

type line struct {
	last    int
	rest    []byte
	foreign int // frames that are neither an entry nor a ping
}

func number(text string) int {
	found, err := strconv.Atoi(text)
	check(err)
	return found
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// masked is a client's text frame; a mask of zeros leaves the text as it is (RFC 6455 §5.3).
func masked(text string) []byte {
	head := []byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}
	if len(text) > 125 {
		head = []byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text)), 0, 0, 0, 0}
	}
	return append(head, text...)
}

// next takes one whole frame off the front: payload, rest, and whether there was one.
func next(from []byte) ([]byte, []byte, bool) {
	if len(from) < 2 {
		return nil, from, false
	}
	head, size := 2, int(from[1])
	if size == 126 {
		if len(from) < 4 {
			return nil, from, false
		}
		head, size = 4, int(from[2])<<8|int(from[3])
	} else if size == 127 {
		if len(from) < 10 {
			return nil, from, false
		}
		head, size = 10, int(from[6])<<24|int(from[7])<<16|int(from[8])<<8|int(from[9])
	}
	if len(from) < head+size {
		return nil, from, false
	}
	return from[head : head+size], from[head+size:], true
}

// seq is the number of an entry, 0 for any other frame.
func seq(payload []byte) int {
	if !bytes.HasPrefix(payload, prefix) {
		return 0
	}
	found := 0
	for _, digit := range payload[len(prefix):] {
		if digit == ',' {
			break
		}
		found = found*10 + int(digit-'0')
	}
	return found
}

// join opens a line, enters the room, and returns what came behind the answer, with the last number of the stream.
func join(small bool, enters bool) (net.Conn, []byte, int) {
	dialer := net.Dialer{Timeout: 30 * time.Second}
	if small {
		dialer.Control = func(_, _ string, raw syscall.RawConn) error {
			return raw.Control(func(fd uintptr) { syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 8192) })
		}
	}
	conn, err := dialer.Dial("tcp", "127.0.0.1:"+port)
	check(err)
	fmt.Fprintf(conn, "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nUpgrade: websocket\r\n"+
		"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", port)
	buffer, kept := make([]byte, 65536), []byte{}
	read := func() {
		conn.SetReadDeadline(time.Now().Add(60 * time.Second))
		count, err := conn.Read(buffer)
		check(err)
		kept = append(kept, buffer[:count]...)
	}
	for !bytes.Contains(kept, []byte("\r\n\r\n")) {
		read()
	}
	_, kept, _ = bytes.Cut(kept, []byte("\r\n\r\n"))
	until := func(start string) []byte {
		for {
			payload, rest, whole := next(kept)
			if !whole {
				read()
				continue
			}
			kept = rest
			if bytes.HasPrefix(payload, []byte(start)) {
				return append([]byte{}, payload...)
			}
		}
	}
	until("0{")
	conn.Write(masked("40/opening,"))
	until("40/opening")
	last := 0
	if enters {
		conn.Write(masked(`42/opening,1["join",{"case":"T2026-000001"}]`))
		var answer []struct{ Seq int }
		check(json.Unmarshal(until("43/opening,1")[len("43/opening,1"):], &answer))
		last = answer[0].Seq
	}
	conn.SetReadDeadline(time.Time{})
	return conn, kept, last
}

type crowd struct {
	lines                         []line
	fds                           map[int32]int
	counts                        []int
	asked                         []time.Time
	delivered, disorder, finished int
	control                       net.Conn
}

func (all *crowd) say(count int) {
	first := len(all.asked)
	for n := 0; n < count; n++ {
		all.asked, all.counts = append(all.asked, time.Now()), append(all.counts, 0)
	}
	all.control.Write(masked(fmt.Sprintf(`42/opening,["say",%d,%d]`, first, count)))
}

// take reads the frames of one line; returns how many events everybody has now.
func (all *crowd) take(at int, came []byte, now time.Time, fd int) int {
	one, done := &all.lines[at], 0
	if len(one.rest) > 0 {
		came = append(one.rest, came...)
	}
	for {
		payload, rest, whole := next(came)
		if !whole {
			break
		}
		came = rest
		n := seq(payload)
		if n == 0 {
			if string(payload) == "2" {
				syscall.Write(fd, masked("3"))
			} else {
				one.foreign++
			}
			continue
		}
		if n != one.last+1 {
			all.disorder++
		}
		one.last = n
		all.delivered++
		bucket := int(now.Sub(all.asked[n]) / (100 * time.Microsecond))
		if bucket >= len(buckets) {
			bucket = len(buckets) - 1
		}
		buckets[bucket]++
		if all.counts[n]++; all.counts[n] == len(all.lines) {
			done++
		}
	}
	one.rest = append([]byte(nil), came...)
	return done
}

func quantile(total int, share float64) float64 {
	seen, wanted := int64(0), int64(float64(total)*share)
	for at, count := range buckets {
		if seen += count; seen > wanted {
			return float64(at+1) / 10
		}
	}
	return 0
}

func main() {
	watchers, window := number(os.Args[2]), number(os.Args[3])
	rate, err := strconv.ParseFloat(os.Args[4], 64)
	check(err)
	seconds, err := strconv.ParseFloat(os.Args[5], 64)
	check(err)
	slow, returning := number(os.Args[6]), number(os.Args[7])

	all := crowd{lines: make([]line, watchers), fds: map[int32]int{}, asked: make([]time.Time, 1), counts: make([]int, 1)}
	all.control, _, _ = join(false, false)
	epoll, err := syscall.EpollCreate1(0)
	check(err)
	began := time.Now()
	for at := range all.lines {
		conn, kept, _ := join(false, true)
		all.lines[at].rest = append([]byte(nil), kept...)
		file, err := conn.(*net.TCPConn).File()
		check(err)
		conn.Close() // the file is a second handle of the line, out of the runtime's poller
		fd := int(file.Fd())
		check(syscall.SetNonblock(fd, true))
		check(syscall.EpollCtl(epoll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}))
		all.fds[int32(fd)] = at
		files = append(files, file)
	}
	connects := float64(watchers) / time.Since(began).Seconds()

	odd := newVisitors(slow, returning)
	fmt.Println("joined")
	untilTold()
	start := time.Now()
	end := start.Add(time.Duration(seconds * float64(time.Second)))
	patience := end.Add(30 * time.Second)
	if window > 0 {
		all.say(window)
	}
	events, buffer := make([]syscall.EpollEvent, 1024), make([]byte, 1<<18)
	for time.Now().Before(patience) {
		wait := 100
		if window == 0 && time.Now().Before(end) {
			due := int(rate * time.Since(start).Seconds())
			if missing := due + 1 - (len(all.asked) - 1); missing > 0 {
				all.say(missing)
			}
			wait = 2
		}
		count, _ := syscall.EpollWait(epoll, events, wait)
		finished := 0
		for at := 0; at < count; at++ {
			event := events[at]
			read, err := syscall.Read(int(event.Fd), buffer)
			if read <= 0 && err != syscall.EAGAIN {
				check(fmt.Errorf("a watcher's line is over"))
			}
			if read > 0 {
				finished += all.take(all.fds[event.Fd], buffer[:read], time.Now(), int(event.Fd))
			}
		}
		all.finished += finished
		if time.Now().After(end) {
			if all.finished == len(all.asked)-1 {
				break
			}
		} else if window > 0 && finished > 0 {
			all.say(finished)
		}
	}
	took := time.Since(start).Seconds()
	said := len(all.asked) - 1
	lost := said*watchers - all.delivered
	missed, caught, behind := odd.leave(said)
	foreign := 0
	for _, one := range all.lines {
		foreign += one.foreign
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"events": said, "delivered": all.delivered, "per_second": float64(all.delivered) / took, "lost": lost, "disorder": all.disorder,
		"p50_ms": quantile(all.delivered, 0.5), "p99_ms": quantile(all.delivered, 0.99), "connects": connects, "foreign": foreign,
		"odd_missing": missed, "odd_asked": caught, "odd_behind": behind,
	})
}

var files []*os.File // kept, or they would be closed when they are collected

// untilTold waits for the word on standard input, so that the server's CPU is read before and after.
func untilTold() {
	one := make([]byte, 1)
	os.Stdin.Read(one)
}
