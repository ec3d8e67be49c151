// Command jsonparse parses JSON into a tree.
package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

type kind uint8

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindText
	kindList
	kindObject
)

type field struct {
	name  string
	value value
}

type value struct {
	kind   kind
	bool   bool
	number float64
	text   string
	list   []value
	fields []field
}

var errEnd = errors.New("unexpected end")

type parser struct {
	text string
	at   int
}

func (p *parser) peek() (byte, error) {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; c {
		case ' ', '\n', '\t', '\r':
			p.at++
		default:
			return c, nil
		}
	}
	return 0, errEnd
}

func (p *parser) unexpected(found byte) error {
	return fmt.Errorf("unexpected %q at %d", found, p.at)
}

func (p *parser) expect(wanted byte) error {
	found, err := p.peek()
	if err != nil {
		return err
	}
	if found != wanted {
		return p.unexpected(found)
	}
	p.at++
	return nil
}

func (p *parser) value() (value, error) {
	c, err := p.peek()
	if err != nil {
		return value{}, err
	}
	switch {
	case c == 'n':
		return p.word("null", value{})
	case c == 't':
		return p.word("true", value{kind: kindBool, bool: true})
	case c == 'f':
		return p.word("false", value{kind: kindBool})
	case c == '"':
		text, err := p.string()
		return value{kind: kindText, text: text}, err
	case c == '[':
		return p.list()
	case c == '{':
		return p.object()
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	}
	return value{}, p.unexpected(c)
}

func (p *parser) word(word string, v value) (value, error) {
	if !strings.HasPrefix(p.text[p.at:], word) {
		return value{}, p.unexpected(p.text[p.at])
	}
	p.at += len(word)
	return v, nil
}

func (p *parser) number() (value, error) {
	start := p.at
	for p.at < len(p.text) && strings.IndexByte("0123456789-+.eE", p.text[p.at]) >= 0 {
		p.at++
	}
	n, err := strconv.ParseFloat(p.text[start:p.at], 64)
	return value{kind: kindNumber, number: n}, err
}

func (p *parser) string() (string, error) {
	if err := p.expect('"'); err != nil {
		return "", err
	}
	var out strings.Builder
	for {
		start := p.at
		for p.at < len(p.text) && p.text[p.at] != '"' && p.text[p.at] != '\\' {
			p.at++
		}
		out.WriteString(p.text[start:p.at])
		if p.at == len(p.text) {
			return "", errEnd
		}
		if p.text[p.at] == '"' {
			p.at++
			return out.String(), nil
		}
		if p.at+1 == len(p.text) {
			return "", errEnd
		}
		switch c := p.text[p.at+1]; c {
		case 'n':
			out.WriteByte('\n')
		case 't':
			out.WriteByte('\t')
		default:
			out.WriteByte(c)
		}
		p.at += 2
	}
}

func (p *parser) list() (value, error) {
	v := value{kind: kindList}
	p.at++
	c, err := p.peek()
	if err != nil {
		return value{}, err
	}
	if c == ']' {
		p.at++
		return v, nil
	}
	for {
		item, err := p.value()
		if err != nil {
			return value{}, err
		}
		v.list = append(v.list, item)
		c, err := p.peek()
		if err != nil {
			return value{}, err
		}
		if c != ',' {
			break
		}
		p.at++
	}
	return v, p.expect(']')
}

func (p *parser) object() (value, error) {
	v := value{kind: kindObject}
	p.at++
	c, err := p.peek()
	if err != nil {
		return value{}, err
	}
	if c == '}' {
		p.at++
		return v, nil
	}
	for {
		if _, err := p.peek(); err != nil {
			return value{}, err
		}
		name, err := p.string()
		if err != nil {
			return value{}, err
		}
		if err := p.expect(':'); err != nil {
			return value{}, err
		}
		item, err := p.value()
		if err != nil {
			return value{}, err
		}
		v.fields = append(v.fields, field{name, item})
		c, err := p.peek()
		if err != nil {
			return value{}, err
		}
		if c != ',' {
			break
		}
		p.at++
	}
	return v, p.expect('}')
}

func tally(v *value, counts map[string]int) float64 {
	var name string
	var sum float64
	switch v.kind {
	case kindNull:
		name = "null"
	case kindBool:
		name = "bool"
		if v.bool {
			sum = 1
		}
	case kindNumber:
		name, sum = "number", v.number
	case kindText:
		name, sum = "text", float64(len(v.text))
	case kindList:
		name = "list"
		for i := range v.list {
			sum += tally(&v.list[i], counts)
		}
	case kindObject:
		name = "object"
		for i := range v.fields {
			sum += float64(len(v.fields[i].name)) + tally(&v.fields[i].value, counts)
		}
	}
	counts[name]++
	return sum
}

func document(rows int) string {
	var text strings.Builder
	text.WriteByte('[')
	for row := range rows {
		if row > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `{"id": %d, "name": "user \"%d\"", "tags": ["a", "bc", null], "score": %d.25, "ok": %t}`, row, row, row%100, row%3 == 0)
	}
	text.WriteByte(']')
	return text.String()
}

func main() {
	text := document(20_000)
	counts := make(map[string]int)
	sum := 0.0
	for range 5 {
		p := parser{text: text}
		v, err := p.value()
		if err != nil {
			fmt.Printf("error: %v\n", err)
			continue
		}
		sum += tally(&v, counts)
	}
	fmt.Printf("%d bytes, sum %s\n", len(text), strconv.FormatFloat(sum, 'f', -1, 64))
	kinds := make([]string, 0, len(counts))
	for kind := range counts {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for _, kind := range kinds {
		fmt.Printf("%s: %d\n", kind, counts[kind])
	}
}
