// Those who are slow, or leave and come back.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"net"
	"net/http"
	"sync"
	"time"
)

// visitors are those who are slow, or leave and come back; each in a goroutine of its own.
type visitors struct {
	wait                sync.WaitGroup
	mutex               sync.Mutex
	total               chan struct{} // closed when all is said
	until               int
	asked, behind, miss int
}

func newVisitors(slow, returning int) *visitors {
	odd := &visitors{total: make(chan struct{})}
	for n := 0; n < slow+returning; n++ {
		odd.wait.Add(1)
		go odd.visit(n < slow)
	}
	return odd
}

// leave tells them how many events there were, and returns how many numbers somebody lacks, how often they asked, and how often one was
// told to be behind.
func (odd *visitors) leave(said int) (int, int, int) {
	odd.until = said
	close(odd.total)
	odd.wait.Wait()
	return odd.miss, odd.asked, odd.behind
}

func (odd *visitors) isOver() bool {
	select {
	case <-odd.total:
		return true
	default:
		return false
	}
}

// visit hears, and asks for what it has missed, as the page does; at the end it must have every number, each once and in order.
func (odd *visitors) visit(isSlow bool) {
	defer odd.wait.Done()
	heard, asked, behind := 0, 0, 0
	ask := func() {
		asked++
		for {
			answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%s/events?since=%d", port, heard))
			check(err)
			var told struct {
				Seq     int
				Entries []struct{ Seq int }
			}
			check(json.NewDecoder(answer.Body).Decode(&told))
			answer.Body.Close()
			for _, entry := range told.Entries {
				if entry.Seq == heard+1 {
					heard = entry.Seq
				}
			}
			if heard >= told.Seq {
				return
			}
		}
	}
	for !odd.isOver() {
		conn, kept, last := join(isSlow, true)
		if last > heard {
			ask()
		}
		stay := time.Now().Add(time.Duration(300+rand.Intn(1200)) * time.Millisecond)
		if isSlow {
			time.Sleep(time.Duration(2+rand.Intn(4)) * time.Second)
			stay = time.Now().Add(3 * time.Second)
		}
		for time.Now().Before(stay) && !odd.isOver() {
			n, told, ok := hear(conn, &kept)
			if !ok {
				break
			}
			if told {
				behind++
			}
			if n == heard+1 {
				heard = n
			} else if told || n > heard {
				ask()
			}
		}
		conn.Close()
	}
	ask() // what was told between the last line and the end
	odd.mutex.Lock()
	odd.miss += odd.until - heard
	odd.asked += asked
	odd.behind += behind
	odd.mutex.Unlock()
}

// hear returns the next entry's number, 0 for silence or anything else; whether it was the notice of being behind; whether the line lives.
func hear(conn net.Conn, kept *[]byte) (int, bool, bool) {
	for {
		payload, rest, whole := next(*kept)
		if !whole {
			buffer := make([]byte, 16384)
			conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
			count, err := conn.Read(buffer)
			*kept = append(*kept, buffer[:count]...)
			if timeout, is := err.(net.Error); err != nil && is && timeout.Timeout() {
				return 0, false, true
			}
			if err != nil {
				return 0, false, false
			}
			continue
		}
		*kept = rest
		if string(payload) == "2" {
			conn.Write(masked("3"))
			continue
		}
		return seq(payload), bytes.Contains(payload, []byte(`["behind"]`)), true
	}
}
