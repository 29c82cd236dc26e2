package dynamic

import "reflect"

// Update makes the value that target points to equal to the one that changed points to. What others may see
// (items of slices and maps, what pointers point to) is changed in its place.
func Update(target, changed interface{}) {
	update(reflect.ValueOf(target).Elem(), reflect.ValueOf(changed).Elem())
}

func update(old, changed reflect.Value) {
	if !inPlace(old, changed) && old.CanSet() {
		old.Set(changed)
	}
}

func inPlace(old, changed reflect.Value) bool {
	if isRemote(old.Type()) {
		return false
	}
	switch old.Kind() {
	case reflect.Slice:
		if old.IsNil() || changed.IsNil() || old.Len() != changed.Len() {
			return false
		}
		if kind := old.Type().Elem().Kind(); kind <= reflect.Complex128 || kind == reflect.String {
			reflect.Copy(old, changed)
			return true
		}
		fallthrough
	case reflect.Array:
		for at := 0; at < old.Len(); at++ {
			update(old.Index(at), changed.Index(at))
		}
		return true
	case reflect.Map:
		return inMap(old, changed)
	case reflect.Ptr:
		if old.IsNil() || changed.IsNil() {
			return false
		}
		update(old.Elem(), changed.Elem())
		return true
	case reflect.Struct:
		if !old.CanAddr() {
			return false
		}
		for at := 0; at < old.NumField(); at++ {
			update(field(old, at), field(changed, at))
		}
		return true
	case reflect.Interface:
		return !old.IsNil() && !changed.IsNil() && old.Elem().Type() == changed.Elem().Type() &&
			hasParts(old.Elem().Kind()) && inPlace(old.Elem(), changed.Elem())
	}
	return false
}

func hasParts(kind reflect.Kind) bool {
	return kind == reflect.Slice || kind == reflect.Map || kind == reflect.Ptr
}

func inMap(old, changed reflect.Value) bool {
	if old.IsNil() || changed.IsNil() {
		return false
	}
	for _, key := range old.MapKeys() {
		if !changed.MapIndex(key).IsValid() {
			old.SetMapIndex(key, reflect.Value{})
		}
	}
	for _, key := range changed.MapKeys() {
		now := old.MapIndex(key)
		if !now.IsValid() || !hasParts(now.Kind()) || !inPlace(now, changed.MapIndex(key)) {
			old.SetMapIndex(key, changed.MapIndex(key))
		}
	}
	return true
}
