module github.com/rgo-lang/rgo/runtime-go

go 1.24
